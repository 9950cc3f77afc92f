"""What assistants may ask of the archive over the Model Context Protocol: bounded and quoted."""
