import java.nio.file.Path;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.harness.Neo4j;
import org.neo4j.harness.Neo4jBuilder;
import org.neo4j.harness.Neo4jBuilders;

/** A real Neo4j for the tests: prints its addresses, runs until its standard input closes. A second argument is a Neo4j home whose databases it copies. */
public class Server {
    public static void main(String[] args) throws Exception {
        Neo4jBuilder builder = Neo4jBuilders.newInProcessBuilder(Path.of(args[0])).withConfig(GraphDatabaseSettings.auth_enabled, true);
        if (args.length > 1) {
            builder = builder.copyFrom(Path.of(args[1]));
        }
        String procedures = System.getProperty("procedures");
        if (procedures != null) {
            builder = builder.withProcedure(Class.forName(procedures));
        }
        try (Neo4j neo4j = builder.build()) {
            System.out.println("READY " + neo4j.boltURI() + " " + neo4j.httpURI());
            System.out.flush();
            while (System.in.read() >= 0) { }
        }
    }
}
