"""The two HTTP dialects: parse, check abilities, ask a room, print in the dialect's shapes."""
