import java.nio.file.Path;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.harness.Neo4j;
import org.neo4j.harness.Neo4jBuilders;

/** A real Neo4j for the tests: prints its addresses, runs until its standard input closes. */
public class Server {
    public static void main(String[] args) throws Exception {
        try (Neo4j neo4j = Neo4jBuilders.newInProcessBuilder(Path.of(args[0]))
                .withConfig(GraphDatabaseSettings.auth_enabled, true)
                .build()) {
            System.out.println("READY " + neo4j.boltURI() + " " + neo4j.httpURI());
            System.out.flush();
            while (System.in.read() >= 0) { }
        }
    }
}
