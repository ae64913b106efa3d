#!/usr/bin/env python
"""The one command line of Bongsu: `manage.py up` runs everything, `manage.py help` lists the rest."""

import os
import sys

from config import launch


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # `up` lives as long as the product; it watches processes and needs no tables, so it is spared
    # the 80 MB of a loaded Django. The Django work of a start happens in config/prepare.py.
    if sys.argv[1:2] == ["up"]:
        sys.exit(launch.main(sys.argv[2:]))
    # And beside a key nothing should be that signing does not need.
    if sys.argv[1:2] == ["signer"]:
        from integrations.tron.signing import running  # noqa: PLC0415 - `up` needs none of it

        sys.exit(running.main())
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
