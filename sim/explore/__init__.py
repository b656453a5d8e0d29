"""Further questions to paired runs: why a policy wins, when it fails, which mix is best."""
