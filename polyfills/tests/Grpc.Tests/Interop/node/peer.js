// A grpc-js peer. "serve PROTO" prints its port and serves until its standard input ends.
// "call PROTO PORT" checks a server and prints "ok NAME" or "FAILED NAME reason" for each check.
const assert = require('assert');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [, , role, proto, port] = process.argv;
const { Probe } = grpc.loadPackageDefinition(loader.loadSync(proto, { defaults: true })).grpc.tests;
const { status } = grpc;
const gzip = { 'grpc.default_compression_algorithm': 2 };

const one = (call, done) => {
  const { text, count } = call.request;
  const trailers = new grpc.Metadata();
  switch (text) {
    case 'fail':
      trailers.set('why', 'missing');
      trailers.set('raw-bin', Buffer.from([0, 1, 254, 255]));
      trailers.set('grpc-status-details-bin', Buffer.from('\x08\x05\x12\x04rich'));
      return done({ code: status.NOT_FOUND, details: 'no «such» thing 100 %\n€', metadata: trailers });
    case 'crash':
      return done(new Error('inside'));
    case 'metadata': {
      const head = new grpc.Metadata();
      for (const key of Object.keys(call.metadata.getMap()).filter(name => name.startsWith('x-'))) {
        for (const value of call.metadata.get(key)) {
          head.add(key, value);
          trailers.add(`t-${key}`, value);
        }
      }
      call.sendMetadata(head);
      break;
    }
    case 'wait':
      return undefined;
    case 'large':
      return done(null, { payload: Buffer.alloc(count) });
  }
  return done(null, call.request, trailers);
};

const down = call => {
  const { text, count } = call.request;
  let i = 0;
  if (text === 'endless') {
    const timer = setInterval(() => call.write({ count: i++ }), 5);
    call.on('cancelled', () => clearInterval(timer));
    return;
  }
  while (i < count) call.write({ count: i++ });
  const trailers = new grpc.Metadata();
  trailers.set('end', 'reached');
  call.end(trailers);
};

const up = (call, done) => {
  const sum = { text: '', count: 0 };
  call.on('data', ask => {
    sum.text += ask.text;
    sum.count += ask.count;
  });
  call.on('end', () => done(null, sum));
};

const both = call => {
  call.on('data', ask => call.write({ ...ask, count: ask.count + 1 }));
  call.on('end', () => call.end());
};

function serve() {
  const server = new grpc.Server(gzip);
  server.addService(Probe.service, { one, down, up, both });
  server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (failure, bound) => {
    if (failure) throw failure;
    console.log(bound);
  });
  process.stdin.resume().on('end', () => process.exit());
}

async function check() {
  const address = `127.0.0.1:${port}`;
  const plain = new Probe(address, grpc.credentials.createInsecure());
  const zipped = new Probe(address, grpc.credentials.createInsecure(), gzip);
  const within = milliseconds => ({ deadline: Date.now() + milliseconds });

  const ask = (message, { client = plain, metadata = new grpc.Metadata(), options = within(10000), seen } = {}) =>
    new Promise((resolve, reject) => {
      const call = client.one(message, metadata, options, (failure, reply) => (failure ? reject(failure) : resolve(reply)));
      call.on('metadata', head => seen && (seen.head = head));
      call.on('status', end => seen && (seen.trailers = end.metadata));
    });
  const drain = stream =>
    new Promise((resolve, reject) => {
      const counts = [];
      stream.on('data', reply => counts.push(reply.count));
      stream.on('error', reject);
      stream.on('end', () => resolve(counts));
    });
  const fails = (code, promise) =>
    promise.then(
      () => assert.fail('no error came'),
      failure => {
        assert.strictEqual(failure.code, code, failure.message);
        return failure;
      });
  const range = (from, count) => Array.from({ length: count }, (_, i) => from + i);

  const checks = {
    async unary() {
      assert.deepStrictEqual(await ask({ text: 'hello', count: 7, payload: Buffer.from([1, 2]) }), { text: 'hello', count: 7, payload: Buffer.from([1, 2]) });
    },
    async serverStreaming() {
      const stream = plain.down({ count: 100 }, within(10000));
      const ended = new Promise(resolve => stream.on('status', resolve));
      assert.deepStrictEqual(await drain(stream), range(0, 100));
      assert.deepStrictEqual((await ended).metadata.get('end'), ['reached']);
    },
    async clientStreaming() {
      const reply = await new Promise((resolve, reject) => {
        const stream = plain.up(within(10000), (failure, sum) => (failure ? reject(failure) : resolve(sum)));
        range(0, 100).forEach(count => stream.write({ text: 'a', count }));
        stream.end();
      });
      assert.strictEqual(reply.text, 'a'.repeat(100));
      assert.strictEqual(reply.count, 4950);
    },
    async duplex() {
      const stream = plain.both(within(10000));
      range(0, 50).forEach(count => stream.write({ count, payload: Buffer.alloc(1000) }));
      stream.end();
      assert.deepStrictEqual(await drain(stream), range(1, 50));
    },
    async errorWithTrailers() {
      const failure = await fails(status.NOT_FOUND, ask({ text: 'fail' }));
      assert.strictEqual(failure.details, 'no «such» thing 100 %\n€');
      assert.deepStrictEqual(failure.metadata.get('why'), ['missing']);
      assert.deepStrictEqual([...failure.metadata.get('raw-bin')[0]], [0, 1, 254, 255]);
    },
    async richError() {
      const failure = await fails(status.INVALID_ARGUMENT, ask({ text: 'rich' }));
      assert.ok(failure.metadata.get('grpc-status-details-bin')[0].includes('google.rpc.BadRequest'));
    },
    async crash() {
      assert.ok(!(await fails(status.UNKNOWN, ask({ text: 'crash' }))).details.includes('secret'));
    },
    async unimplemented() {
      await fails(status.UNIMPLEMENTED, new Promise((resolve, reject) => plain.missing({}, within(10000), (failure, reply) => (failure ? reject(failure) : resolve(reply)))));
      const bytes = value => value;
      await fails(status.UNIMPLEMENTED, new Promise((resolve, reject) =>
        plain.makeUnaryRequest('/no.Service/One', bytes, bytes, Buffer.alloc(0), new grpc.Metadata(), within(10000), (failure, reply) => (failure ? reject(failure) : resolve(reply)))));
    },
    async metadata() {
      const metadata = new grpc.Metadata();
      metadata.set('x-text', 'value');
      metadata.set('x-raw-bin', Buffer.from([0, 200, 255, 10]));
      const seen = {};
      await ask({ text: 'metadata' }, { metadata, seen });
      for (const [got, prefix] of [[seen.head, ''], [seen.trailers, 't-']]) {
        assert.deepStrictEqual(got.get(`${prefix}x-text`), ['value']);
        assert.deepStrictEqual([...got.get(`${prefix}x-raw-bin`)[0]], [0, 200, 255, 10]);
      }
    },
    async deadline() {
      await fails(status.DEADLINE_EXCEEDED, ask({ text: 'ignore' }, { options: within(300) }));
      await fails(status.DEADLINE_EXCEEDED, drain(plain.down({ text: 'endless' }, within(300))));
    },
    async cancellation() {
      const stream = plain.down({ text: 'endless' }, within(10000));
      stream.once('data', () => stream.cancel());
      await fails(status.CANCELLED, drain(stream));
    },
    async sizes() {
      await fails(status.RESOURCE_EXHAUSTED, ask({ payload: Buffer.alloc(4200000) }));
      await fails(status.RESOURCE_EXHAUSTED, ask({ text: 'large', count: 4200000 }));
      assert.strictEqual((await ask({ text: 'large', count: 4000000 })).payload.length, 4000000);
    },
    async gzip() {
      const payload = Buffer.alloc(100000);
      assert.ok((await ask({ payload }, { client: zipped })).payload.equals(payload));
      const stream = zipped.both(within(10000));
      range(0, 10).forEach(count => stream.write({ count, payload }));
      stream.end();
      assert.deepStrictEqual(await drain(stream), range(1, 10));
    },
    async emptyMessages() {
      for (const client of [plain, zipped]) {
        assert.deepStrictEqual(await ask({}, { client }), { text: '', count: 0, payload: Buffer.alloc(0) });
        const stream = client.both(within(10000));
        stream.write({ count: -1 });
        stream.write({ count: -1 });
        stream.end();
        assert.deepStrictEqual(await drain(stream), [0, 0]);
      }
    },
  };

  for (const [name, run] of Object.entries(checks)) {
    try {
      await run();
      console.log('ok', name);
    } catch (failure) {
      console.log('FAILED', name, failure.message.replaceAll('\n', ' '));
      process.exitCode = 1;
    }
  }
  plain.close();
  zipped.close();
}

if (role === 'serve') serve();
else check();
