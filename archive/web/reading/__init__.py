"""The pages that are read: front, day, latest, changed headlines, article, story. A file each."""
