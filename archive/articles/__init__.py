"""What happens to one article: columns, versions, identity, wording; whatever writes `articles`."""
