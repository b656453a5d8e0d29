"""Many runs: which are wanted, on what they are run, and the store that keeps them."""
