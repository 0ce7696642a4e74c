"""SQL of flags: what the classifier reads in bulk, artefacts, scores, and the lists made from them."""
