"""Commands: what people decide, checked against the present state inside the single writer, and recorded."""
