# Largest F statistic over all splits with at least five values on either side, and its place. Arguments: input, output.
suppressPackageStartupMessages(library(strucchange))
arguments <- commandArgs(trailingOnly = TRUE)
series <- lapply(strsplit(readLines(arguments[1]), ","), as.numeric)
started <- proc.time()[["elapsed"]]
found <- vapply(series, function(y) {
  n <- length(y)
  if (var(y) == 0) return(c(0, 5))
  f <- Fstats(y ~ 1, from = 5, to = n - 5)
  c(max(f$Fstats), f$breakpoint)
}, numeric(2))
elapsed <- proc.time()[["elapsed"]] - started
writeLines(c(format(1e6 * elapsed / length(series), scientific = FALSE), paste(found[1, ], found[2, ], sep = ",")), arguments[2])
