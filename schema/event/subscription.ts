import { builder } from '../builder.ts';

builder.subscriptionType({
  description:
    'What can be watched, over WebSocket (graphql-transport-ws) or server-sent events. With `after` a subscription replays from that entry and goes live in one stream; without it, the first message is the state now (kind SNAPSHOT) with its cursor. Nothing is skipped and nothing comes twice: after a disconnect, go on from the last cursor. Session and rights are checked before every message; when they end, the last message says so and the stream ends. A cursor that is no position in the log is answered with CURSOR_INVALID; one whose following entries are no longer kept with CURSOR_EXPIRED and `extensions.oldest`.',
});
