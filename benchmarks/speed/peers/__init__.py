"""Who else does this work: a program each, so that it runs in an environment of its own."""
