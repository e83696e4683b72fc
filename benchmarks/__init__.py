"""What is promised about speed, measured side by side with the official client: ``python -m benchmarks.decode`` and so on."""
