import type { Service } from '../dialects/dialect.js';

export function openApiDocument(service: Service): object {
  return { openapi: '3.1.0', info: { title: 'model2vec-ts', version: service.version }, paths: {} };
}
