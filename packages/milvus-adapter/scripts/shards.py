"""The rule of `shardOf`, written a second time: prints what src/shard.test.ts expects."""


def shard_of(key, count):
    value = 0x811C9DC5
    for byte in str(key).encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    value ^= value >> 16
    value = (value * 0x85EBCA6B) & 0xFFFFFFFF
    value ^= value >> 13
    value = (value * 0xC2B2AE35) & 0xFFFFFFFF
    return (value ^ (value >> 16)) % count


for key in ["", "a", "doc-1", "größe 東😀", 7, -5, 2**60, "2cf24dba5fb0a30e26e83b2ac5b9e29e"]:
    print(repr(key), *(shard_of(key, count) for count in (16, 1000, 0xFFFFFFFF)))
