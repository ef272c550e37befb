"""What Ethayarajh (2019) says about contextualised word representations, as claims."""
