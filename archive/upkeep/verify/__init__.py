"""What `check` looks at, one module for each pair of things that must agree."""
