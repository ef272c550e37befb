"""Plant activations of known truth and count how often each rule errs."""
