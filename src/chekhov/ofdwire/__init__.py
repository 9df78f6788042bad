"""The exchange between registers and the operator, both roles, without input and output.

Flow of a message: `session` cuts the stream into headers and containers, `container` reads a container,
`sealing` opens it and makes signs, `answers` builds what goes back. Source: docs/formats/wire.md.
"""
