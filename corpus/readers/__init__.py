"""One file a format: bytes in, a `ParsedFile` out."""
