/** `Query` over all its pages: DynamoDB ends a page at 1 MB, whatever was asked for. */
import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';

/** The items that a query finds, in its order; the next page is read only when somebody goes on. */
export async function* queryItems(
  client: DynamoDBDocumentClient,
  query: QueryCommandInput,
): AsyncGenerator<Readonly<Record<string, unknown>>, void, undefined> {
  let start = query.ExclusiveStartKey;
  do {
    const page = await client.send(new QueryCommand({ ...query, ExclusiveStartKey: start }));
    yield* page.Items ?? [];
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}
