"""The same transactions by Google's protobuf, from the chain's own message definitions."""

from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, message_factory

T = descriptor_pb2.FieldDescriptorProto
MESSAGES = {
    "FreezeBalanceV2Contract": [
        ("owner_address", 1, T.TYPE_BYTES),
        ("frozen_balance", 2, T.TYPE_INT64),
        ("resource", 3, T.TYPE_ENUM),
    ],
    "UnfreezeBalanceV2Contract": [
        ("owner_address", 1, T.TYPE_BYTES),
        ("unfreeze_balance", 2, T.TYPE_INT64),
        ("resource", 3, T.TYPE_ENUM),
    ],
    "DelegateResourceContract": [
        ("owner_address", 1, T.TYPE_BYTES),
        ("resource", 2, T.TYPE_ENUM),
        ("balance", 3, T.TYPE_INT64),
        ("receiver_address", 4, T.TYPE_BYTES),
        ("lock", 5, T.TYPE_BOOL),
        ("lock_period", 6, T.TYPE_INT64),
    ],
    "UnDelegateResourceContract": [
        ("owner_address", 1, T.TYPE_BYTES),
        ("resource", 2, T.TYPE_ENUM),
        ("balance", 3, T.TYPE_INT64),
        ("receiver_address", 4, T.TYPE_BYTES),
    ],
    "CancelAllUnfreezeV2Contract": [("owner_address", 1, T.TYPE_BYTES)],
    "Contract": [
        ("type", 1, T.TYPE_INT32),
        ("parameter", 2, "google.protobuf.Any"),
        ("Permission_id", 5, T.TYPE_INT32),
    ],
    "raw": [
        ("ref_block_bytes", 1, T.TYPE_BYTES),
        ("ref_block_num", 3, T.TYPE_INT64),
        ("ref_block_hash", 4, T.TYPE_BYTES),
        ("expiration", 8, T.TYPE_INT64),
        ("data", 10, T.TYPE_BYTES),
        ("contract", 11, "protocol.Contract"),
        ("timestamp", 14, T.TYPE_INT64),
        ("fee_limit", 18, T.TYPE_INT64),
    ],
}
NUMBERS = {
    "FreezeBalanceV2Contract": 54,
    "UnfreezeBalanceV2Contract": 55,
    "DelegateResourceContract": 57,
    "UnDelegateResourceContract": 58,
    "CancelAllUnfreezeV2Contract": 59,
}


def _classes():
    file = descriptor_pb2.FileDescriptorProto(
        name="tron.proto", package="protocol", syntax="proto3",
        dependency=["google/protobuf/any.proto"],
    )  # fmt: skip
    resource = file.enum_type.add(name="ResourceCode")
    resource.value.add(name="BANDWIDTH", number=0)
    resource.value.add(name="ENERGY", number=1)
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, number, kind in fields:
            added = message.field.add(name=field, number=number, label=T.LABEL_OPTIONAL)
            if isinstance(kind, str):
                added.type, added.type_name = T.TYPE_MESSAGE, f".{kind}"
                added.label = T.LABEL_REPEATED if field == "contract" else T.LABEL_OPTIONAL
            else:
                added.type = kind
                if kind == T.TYPE_ENUM:
                    added.type_name = ".protocol.ResourceCode"
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(any_pb2.DESCRIPTOR.serialized_pb)
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"protocol.{name}"))
        for name in MESSAGES
    }


CLASSES = _classes()


def encode(raw_data):
    """From the node's JSON, by nothing of ours."""
    (offered,) = raw_data["contract"]
    value = CLASSES[offered["type"]]()
    for name, fact in offered["parameter"]["value"].items():
        if name.endswith("_address"):
            setattr(value, name, bytes.fromhex(fact))
        elif name == "resource":
            value.resource = {"BANDWIDTH": 0, "ENERGY": 1}[fact]
        else:
            setattr(value, name, fact)
    raw = CLASSES["raw"](
        ref_block_bytes=bytes.fromhex(raw_data["ref_block_bytes"]),
        ref_block_hash=bytes.fromhex(raw_data["ref_block_hash"]),
        expiration=raw_data["expiration"],
        timestamp=raw_data["timestamp"],
    )
    contract = raw.contract.add(
        type=NUMBERS[offered["type"]], Permission_id=offered.get("Permission_id", 0)
    )
    contract.parameter.type_url = offered["parameter"]["type_url"]
    contract.parameter.value = value.SerializeToString()
    return raw.SerializeToString()
