"""The ground every part of the platform stands on."""
