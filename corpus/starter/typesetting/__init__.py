"""The Markdown sources of the starter documents in, the files of a publisher out."""
