"""Passages in, hits out: embedding, indexing and searching; knows nothing of answers."""
