"""What we know: the SQL store (the truth), the Chroma index (derived from it), embeddings and search."""
