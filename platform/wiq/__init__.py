"""What every part of the platform builds on."""
