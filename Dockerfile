# One image for every process: `node server/main.ts --roles …`, `node server/migrate.ts`, and the development chain.
FROM node:24-bookworm-slim AS client

# The client's pages: the only thing that is built, and the only use of development dependencies.
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node client/build.ts

FROM node:24-bookworm-slim

WORKDIR /app
COPY package.json package-lock.json ./
# Without development dependencies: Node runs the server's sources as they are.
RUN npm ci --omit=dev --no-audit --no-fund

COPY . .
COPY --from=client /app/client/dist client/dist
RUN mkdir /chain && chown node:node /chain

USER node
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
EXPOSE 4000
CMD ["node", "server/main.ts", "--roles", "api,worker,indexer"]
