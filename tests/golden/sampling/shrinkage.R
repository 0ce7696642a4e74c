# Freezes a beta-binomial fit of R's VGAM package, for tests/sampling/test_planning_and_pooling.py.
# Debian 12: apt-get install r-base-core r-cran-vgam; then: Rscript shrinkage.R > shrinkage.json
# Data: tumours in 71 groups of rats (Tarone 1982; Gelman et al., Bayesian Data Analysis, section 5.1).
suppressMessages(library(VGAM))

number <- function(x) paste0("[", paste(sprintf("%.17g", as.numeric(x)), collapse = ","), "]")
k <- c(rep(0, 14), rep(1, 8), 2, 2, 2, rep(2, 6), 1, 5, 2, 5, 3, 2, 7, 7, 3, 3, 2, 9, 10, rep(4, 7), 10, 4, 4, 4, 5, 11,
  12, 5, 5, 6, 5, 6, 6, 6, 6, 16, 15, 15, 9, 4)
n <- c(rep(20, 7), rep(19, 4), 18, 18, 17, rep(20, 4), 19, 19, 18, 18, 25, 24, 23, rep(20, 6), 10, 49, 19, 46, 27, 17,
  49, 47, 20, 20, 13, 48, 50, rep(20, 7), 48, 19, 19, 19, 22, 46, 49, 20, 20, 23, 19, 22, 20, 20, 20, 52, 47, 46, 24,
  14)
stopifnot(length(k) == 71, length(n) == 71)
fit <- vglm(cbind(k, n - k) ~ 1, betabinomialff, epsilon = 1e-12, maxit = 200)
shapes <- Coef(fit)
a <- shapes[[1]] + k
b <- shapes[[2]] + n - k
cat(sprintf("{\"source\": \"R VGAM %s, %s, Rscript shrinkage.R > shrinkage.json, %s\",\n", packageVersion("VGAM"),
  R.version.string, format(Sys.Date())))
cat(sprintf(" \"k\": %s,\n \"n\": %s,\n \"shapes\": %s,\n", number(k), number(n), number(shapes)))
cat(sprintf(" \"value\": %s,\n \"low\": %s,\n \"high\": %s}\n", number(a / (a + b)), number(qbeta(0.025, a, b)),
  number(qbeta(0.975, a, b))))
