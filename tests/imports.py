"""What follows an import by neo4j-admin."""

from __future__ import annotations

import neo4j
import neo4j_server


def run_script(bolt: str, script: str) -> None:
    """Each statement in a transaction of its own, as cypher-shell does."""
    with neo4j.GraphDatabase.driver(bolt, auth=("neo4j", neo4j_server.PASSWORD), notifications_min_severity="OFF") as driver, driver.session() as session:
        for statement in script.split(";\n"):
            if statement:
                session.run(statement).consume()
