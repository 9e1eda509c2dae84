'use client';

import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import { useEffect, useState } from 'react';
import texts from '../texts.json';

async function embed() {
  const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6 });
  const embeddings = await embedder.encodeDocuments(texts);
  globalThis.answer = { kernel: embedder.kernel, embeddings: embeddings.map((row) => [...row]) };
  await embedder.close();
}

export default function Page() {
  const [state, setState] = useState('loading');
  useEffect(() => {
    embed().then(
      () => setState('done'),
      (error) => setState(String(error)),
    );
  }, []);
  return <main>{state}</main>;
}
