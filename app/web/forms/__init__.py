"""Forms: one module a noun, messages that are sentences."""
