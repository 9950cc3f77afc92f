"""The judge of candidate texts: its training, its folds, its learning curve."""
