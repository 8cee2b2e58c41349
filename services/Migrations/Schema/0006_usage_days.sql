-- What was used on each day (UTC), kept in step with app.usage by the statement that adds to it: budgets are counted from here.
CREATE TABLE app.usage_days (
    organization_id  text           NOT NULL,
    day              date           NOT NULL,
    currency         text           NOT NULL,
    requests         bigint         NOT NULL,
    tokens           bigint         NOT NULL,
    cost             numeric(24, 9) NOT NULL,
    PRIMARY KEY (organization_id, day, currency)
);
COMMENT ON TABLE app.usage_days IS 'owner: ModelGateway; currency is empty for calls whose cost is not known';

INSERT INTO app.usage_days (organization_id, day, currency, requests, tokens, cost)
SELECT organization_id, (created_at AT TIME ZONE 'UTC')::date, coalesce(currency, ''), count(*), sum(input_tokens + output_tokens), coalesce(sum(cost), 0)
FROM app.usage GROUP BY 1, 2, 3;
