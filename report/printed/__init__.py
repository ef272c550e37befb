"""What the PDF is made of: drawings as operators of PDF, and the paths in them."""
