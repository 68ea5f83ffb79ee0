"""Files in, passages out: reading documents and cutting them, without vectors or models."""
