"""An entry's life: announced, owed, handed out, closed, looked at again."""
