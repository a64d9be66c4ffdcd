# One image for every process: `node server/main.ts --roles …`, `node server/migrate.ts`, and the development chain.
FROM node:24-bookworm-slim

WORKDIR /app
COPY package.json package-lock.json ./
# Without development dependencies: nothing is built, Node runs the sources as they are.
RUN npm ci --omit=dev --no-audit --no-fund

COPY . .
RUN mkdir /chain && chown node:node /chain

USER node
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
EXPOSE 4000
CMD ["node", "server/main.ts", "--roles", "api,worker,indexer"]
