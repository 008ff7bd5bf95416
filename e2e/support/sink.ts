import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A place outside of the panel that must not be reached: notes every request, every connection, every datagram. */
export class Sink {
  readonly reached: string[] = [];
  url = '';
  udp = 0;
  private readonly http = createServer((request, response) => {
    this.reached.push(`${request.method} ${request.url}`);
    response.setHeader('access-control-allow-origin', '*');
    response.end('<p>sink</p>');
  });
  private readonly datagrams = createSocket('udp4');

  static async open(): Promise<Sink> {
    const sink = new Sink();
    sink.http.on('connection', () => sink.reached.push('connection'));
    sink.datagrams.on('message', () => sink.reached.push('datagram'));
    await new Promise<void>((resolve) => sink.http.listen(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => sink.datagrams.bind(0, '127.0.0.1', resolve));
    sink.url = `http://127.0.0.1:${(sink.http.address() as AddressInfo).port}`;
    sink.udp = sink.datagrams.address().port;
    return sink;
  }

  close(): void {
    this.http.closeAllConnections();
    this.http.close();
    this.datagrams.close();
  }
}
