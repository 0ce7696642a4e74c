# Freezes what R's psych and vcd packages say of kappa, for tests/sampling/test_agreement_oracles.py.
# Debian 12: apt-get install r-base-core r-cran-psych r-cran-vcd; then: Rscript agreement.R > agreement.json
# (`irr` is not in Debian; what it printed in published examples stands in test_published_examples.py.)
# Tables: `double_reads` is the 137 double-read mediums of the design (118 both pass, 3 both fail);
# `rosh` four ordered levels, made up; `abstractors` as printed by Gwet (irrCAC); `sexual_fun` from Agresti
# (1990), distributed with vcd (GPL-2).
suppressMessages({library(psych); library(vcd)})
data(SexualFun)

number <- function(x) paste0("[", paste(sprintf("%.17g", as.numeric(x)), collapse = ","), "]")
rows <- function(m) paste0("[", paste(apply(m, 1, number), collapse = ","), "]")
object <- function(parts) paste0("{", paste(sprintf("\"%s\": %s", names(parts), unlist(parts)), collapse = ",\n "), "}")

tables <- list(
  double_reads = matrix(c(118, 10, 6, 3), 2, byrow = TRUE),
  rosh = matrix(c(14, 5, 1, 0, 4, 41, 9, 1, 0, 7, 22, 3, 0, 1, 2, 6), 4, byrow = TRUE),
  abstractors = matrix(c(13, 0, 0, 0, 20, 7, 0, 4, 56), 3, byrow = TRUE),
  sexual_fun = unclass(as.matrix(SexualFun))
)
kappas <- function(m) {  # unweighted, linear, quadratic
  linear <- Kappa(m, weights = "Equal-Spacing")
  quadratic <- Kappa(m, weights = "Fleiss-Cohen")
  list(none = linear$Unweighted, linear = linear$Weighted, quadratic = quadratic$Weighted)
}
# Limits on Fisher's scale by leaving out one case at a time, from vcd's values alone.
jackknife <- function(m) {
  n <- sum(m)
  values <- sapply(kappas(m), `[[`, 1)
  cells <- which(m > 0, arr.ind = TRUE)
  left_out <- apply(cells, 1, function(at) {
    fewer <- m
    fewer[at[1], at[2]] <- fewer[at[1], at[2]] - 1
    sapply(kappas(fewer), `[[`, 1)
  })
  times <- m[cells]
  half <- apply(atanh(left_out), 1, function(z) {
    middle <- sum(times * z) / n
    qnorm(0.975) * sqrt((n - 1) / n * sum(times * (z - middle)^2))
  })
  lapply(names(values), function(k) tanh(atanh(values[[k]]) + c(-1, 1) * half[[k]]))
}
block <- function(m) {
  both <- cohen.kappa(m, n.obs = sum(m))
  vcd_says <- kappas(m)
  limits <- setNames(jackknife(m), names(vcd_says))
  object(c(
    list(table = rows(m)),
    setNames(lapply(vcd_says, function(k) number(k[1:2])), paste0("vcd_", names(vcd_says))),
    list(
      psych_none = number(c(both$kappa, sqrt(both$var.kappa))),
      psych_quadratic = number(both$weighted.kappa)  # its variance is Cohen's of 1968, which can come out 0
    ),
    setNames(lapply(limits, number), paste0("jackknife_", names(limits)))
  ))
}
cat(object(list(
  source = sprintf("\"R psych %s, vcd %s, %s, Rscript agreement.R > agreement.json, %s\"",
    packageVersion("psych"), packageVersion("vcd"), R.version.string, format(Sys.Date())),
  tables = object(lapply(tables, block))
)), "\n")
