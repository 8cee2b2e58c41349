-- A cost that is not known is NULL, never 0: no price list names the model, or the call was cut off by a crash.
ALTER TABLE app.usage
    ALTER COLUMN cost DROP NOT NULL,
    ALTER COLUMN currency DROP NOT NULL,
    ADD COLUMN tokens_estimated boolean NOT NULL DEFAULT false,
    ADD COLUMN attempts integer NOT NULL DEFAULT 1 CHECK (attempts >= 0),
    ADD CONSTRAINT usage_cost_check CHECK (cost >= 0 AND (cost IS NULL) = (currency IS NULL)) NOT VALID,
    ADD CONSTRAINT usage_tokens_check CHECK (input_tokens >= 0 AND output_tokens >= 0
        AND cached_tokens BETWEEN 0 AND input_tokens AND reasoning_tokens BETWEEN 0 AND output_tokens) NOT VALID;
COMMENT ON COLUMN app.usage.cost IS 'rounded once, half to even, to a billionth of the currency; NULL when the price is not known';

-- Sums beside the averages, so that a row can be added to without losing anything.
ALTER TABLE app.prompt_performance
    ADD COLUMN latency_ms_sum  bigint         NOT NULL DEFAULT 0,
    ADD COLUMN tokens_sum      bigint         NOT NULL DEFAULT 0,
    ADD COLUMN cost_sum        numeric(24, 9) NOT NULL DEFAULT 0,
    ADD COLUMN priced_count    bigint         NOT NULL DEFAULT 0,
    ADD CONSTRAINT prompt_performance_period_check CHECK (measurement_period_end > measurement_period_start);
COMMENT ON COLUMN app.prompt_performance.avg_cost_usd IS 'over the executions whose cost is known in USD (priced_count)';
