"""The chain that shows whether anybody changed the log: canonical bytes, seals, checkpoints, verification."""
