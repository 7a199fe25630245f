import java.io.FileInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** An HTTP answer over JSSE: JsseServer PORT KEYSTORE VERSIONS SUITES no|need. */
public final class JsseServer {
	public static void main(String[] args) throws Exception {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(new FileInputStream(args[1]), new char[0]);
		KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
		keys.init(store, new char[0]);
		TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
		KeyStore anchors = KeyStore.getInstance("PKCS12");
		anchors.load(null, null);
		String alias = store.aliases().nextElement();
		var chain = store.getCertificateChain(alias);
		anchors.setCertificateEntry("root", chain[chain.length - 1]);
		trust.init(anchors);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
		SSLServerSocket server = (SSLServerSocket) context.getServerSocketFactory()
				.createServerSocket(Integer.parseInt(args[0]), 50, InetAddress.getByName("127.0.0.1"));
		server.setEnabledProtocols(args[2].split(","));
		if (!args[3].isEmpty()) {
			server.setEnabledCipherSuites(args[3].split(","));
		}
		server.setNeedClientAuth(args[4].equals("need"));
		for (;;) {
			SSLSocket socket = (SSLSocket) server.accept();
			new Thread(() -> serve(socket)).start();
		}
	}

	private static void serve(SSLSocket socket) {
		try (socket) {
			InputStream in = socket.getInputStream();
			StringBuilder head = new StringBuilder();
			while (head.indexOf("\r\n\r\n") < 0) {
				int c = in.read();
				if (c < 0) {
					return;
				}
				head.append((char) c);
			}
			String body = "<title>JSSE</title><p>" + socket.getSession().getProtocol() + " "
					+ socket.getSession().getCipherSuite() + "\n";
			socket.getOutputStream().write(("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
					+ "Content-Length: " + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII));
			socket.getOutputStream().flush();
		} catch (Exception e) {
			System.err.println(e);
		}
	}
}
