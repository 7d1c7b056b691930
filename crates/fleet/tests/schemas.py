"""Validates the documents that a test wrote to FOLDER against the JSON Schemas in SCHEMAS (default: those committed
here). Validation is strict: a property that is not in the schema is an error.

    python schemas.py FOLDER [SCHEMAS]
"""

import json
import pathlib
import sys

from jsonschema import Draft202012Validator

SCHEMAS = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else pathlib.Path(__file__).parent.parent / "schemas")


def closed(schema, variant=False):
    """Returns the schema with additional properties forbidden. A variant describes only part of an object."""
    if isinstance(schema, list):
        return [closed(one, variant) for one in schema]
    if not isinstance(schema, dict):
        return schema
    parts = "properties" in schema
    result = {}
    for key, value in schema.items():
        if key in ("properties", "$defs"):
            result[key] = {name: closed(one) for name, one in value.items()}
        elif key in ("oneOf", "anyOf", "allOf"):
            result[key] = closed(value, variant=parts)
        elif key in ("items", "additionalProperties"):
            result[key] = closed(value)
        else:
            result[key] = value
    if parts and not variant:
        result["unevaluatedProperties"] = False
    return result


checked = 0
for path in sorted(SCHEMAS.glob("*.schema.json")):
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(closed(schema))
    name = path.name.removesuffix(".schema.json")
    documents = sorted(pathlib.Path(sys.argv[1]).glob(f"{name}.*.json"))
    if not documents:
        sys.exit(f"no document for {path.name}")
    for document in documents:
        errors = list(validator.iter_errors(json.loads(document.read_text(encoding="utf-8"))))
        for error in errors:
            print(f"{document.name}: {error.json_path}: {error.message}", file=sys.stderr)
        if errors:
            sys.exit(1)
        checked += 1
print(f"{checked} documents are valid")
