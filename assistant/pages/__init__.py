"""Answers and documents in, HTML out: what the page shows, one file a view, Gradio-free.

Every text that comes from a document, a catalogue or a person passes `escape`; nothing here is
Markdown. Quotes keep their line breaks and spaces by the style sheet (`white-space: pre-wrap`).
"""
