"""Pictures that articles lead to: what one is, its file, its row."""
