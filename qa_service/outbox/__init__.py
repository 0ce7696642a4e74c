"""Events for other systems, written in the transaction that caused them."""
