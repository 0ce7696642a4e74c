# Freezes inclusion probabilities of R's sampling package, for tests/sampling/test_designs.py.
# Debian 12: apt-get install r-base-core r-cran-sampling; then: Rscript inclusion.R > inclusion.json
suppressMessages(library(sampling))

number <- function(x) paste0("[", paste(sprintf("%.17g", as.numeric(x)), collapse = ","), "]")
sizes <- list(rising = 1:20, two_giants = c(1, 2, 3, 4, 90, 100, 5), with_noughts = c(0, 3, 0, 4, 5, 20, 8))
wanted <- c(12, 3, 3)
blocks <- mapply(function(size, n) {
  sprintf("{\"size\": %s, \"n\": %d, \"chances\": %s}", number(size), n, number(inclusionprobabilities(size, n)))
}, sizes, as.integer(wanted))
cat(sprintf("{\"source\": \"R sampling %s, %s, Rscript inclusion.R > inclusion.json, %s\",\n \"cases\": {%s}}\n",
  packageVersion("sampling"), R.version.string, format(Sys.Date()),
  paste(sprintf("\"%s\": %s", names(sizes), blocks), collapse = ",\n ")))
