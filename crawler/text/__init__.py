"""What discovery and extraction both ask of a text: its charset, its dates, its addresses. Pure."""
