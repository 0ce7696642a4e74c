# Freezes what R's survey package says, for tests/sampling/test_against_r_survey.py.
# Debian 12: apt-get install r-base-core r-cran-survey; then: Rscript survey.R > survey.json
# Data: `api` (California Department of Education, Academic Performance Index 2000) and `election`
# (US presidential election 2004, counties drawn with probability proportional to size), both as
# distributed with the survey package (Thomas Lumley, GPL-2 | GPL-3).
suppressMessages(library(survey))
data(api)
data(election)

number <- function(x) paste0("[", paste(ifelse(is.na(x), "null", sprintf("%.17g", as.numeric(x))), collapse = ","), "]")
text <- function(x) paste0("[", paste(sprintf("\"%s\"", as.character(x)), collapse = ","), "]")
object <- function(...) {
  parts <- list(...)
  paste0("{", paste(sprintf("\"%s\": %s", names(parts), unlist(parts)), collapse = ",\n "), "}")
}
told <- function(s) number(c(as.numeric(coef(s))[1], as.numeric(SE(s))[1]))
limits <- function(p) number(c(as.numeric(p), sqrt(as.numeric(attr(p, "var"))), attr(p, "ci")))

columns <- function(d, extra = list()) {
  common <- list(api00 = number(d$api00), enroll = number(d$enroll), api_stu = number(d$api.stu),
    stype = text(d$stype), sch_wide = number(d$sch.wide == "No"))
  do.call(object, c(common, extra))
}
results <- function(design) {
  large <- subset(design, enroll > 600)
  middle <- subset(design, stype == "M")
  full <- subset(design, !is.na(enroll))
  object(
    mean_api00 = told(svymean(~api00, design)),
    total_api00 = told(svytotal(~api00, design)),
    total_enroll = told(svytotal(~enroll, design, na.rm = TRUE)),
    ratio_stu_enroll = told(svyratio(~api.stu, ~enroll, full)),
    rate_no = told(svymean(~as.numeric(sch.wide == "No"), design)),
    rate_no_logit = limits(svyciprop(~I(sch.wide == "No"), design)),
    rate_no_beta = limits(svyciprop(~I(sch.wide == "No"), design, method = "beta")),
    mean_api00_middle = told(svymean(~api00, middle)),
    total_api00_middle = told(svytotal(~api00, middle)),
    ratio_middle = told(svyratio(~api.stu, ~api00, middle)),
    mean_api00_large = told(svymean(~api00, large)),
    rate_no_large_logit = limits(svyciprop(~I(sch.wide == "No"), large)),
    df = number(c(degf(design), degf(middle), degf(large)))
  )
}

designs <- list(
  simple_fpc = list(svydesign(id = ~1, data = apisrs, fpc = ~fpc), apisrs, list(fpc = number(apisrs$fpc))),
  simple_replaced = list(svydesign(id = ~1, data = apisrs, weights = ~pw), apisrs, list(weights = number(apisrs$pw))),
  stratified_fpc = list(svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat, fpc = ~fpc), apistrat,
    list(weights = number(apistrat$pw), strata = text(apistrat$stype), fpc = number(apistrat$fpc))),
  stratified_replaced = list(svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat), apistrat,
    list(weights = number(apistrat$pw), strata = text(apistrat$stype))),
  one_stage_clusters = list(svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc), apiclus1,
    list(weights = number(apiclus1$pw), clusters = number(apiclus1$dnum), fpc = number(apiclus1$fpc))),
  two_stage_clusters = list(svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2), apiclus2,
    list(clusters = number(apiclus2$dnum), clusters2 = number(apiclus2$snum),
      fpc = number(apiclus2$fpc1), fpc2 = number(apiclus2$fpc2))),
  two_stage_replaced = list(svydesign(id = ~dnum + snum, weights = ~pw, data = apiclus2), apiclus2,
    list(weights = number(apiclus2$pw), clusters = number(apiclus2$dnum), clusters2 = number(apiclus2$snum)))
)
blocks <- lapply(designs, function(d) object(data = columns(d[[2]], d[[3]]), results = results(d[[1]])))

unequal <- svydesign(id = ~1, weights = ~wt, data = election_pps)
election_block <- object(
  data = object(weights = number(election_pps$wt), bush = number(election_pps$Bush),
    kerry = number(election_pps$Kerry), votes = number(election_pps$votes)),
  results = object(total_bush = told(svytotal(~Bush, unequal)), mean_bush = told(svymean(~Bush, unequal)),
    ratio_bush_votes = told(svyratio(~Bush, ~votes, unequal)))
)
# A Poisson sample of about 40 schools, probability proportional to the school's size.
set.seed(1)
known <- subset(apipop, !is.na(enroll))
known$p <- 40 * known$enroll / sum(known$enroll)
poisson <- known[runif(nrow(known)) < known$p, ]
own_ticket <- svydesign(id = ~1, data = poisson, fpc = ~p, pps = poisson_sampling(poisson$p))
large <- subset(own_ticket, enroll > 600)
poisson_block <- object(
  data = object(p = number(poisson$p), api00 = number(poisson$api00), enroll = number(poisson$enroll),
    api_stu = number(poisson$api.stu), sch_wide = number(poisson$sch.wide == "No")),
  results = object(total_api00 = told(svytotal(~api00, own_ticket)), mean_api00 = told(svymean(~api00, own_ticket)),
    total_enroll = told(svytotal(~enroll, own_ticket)),
    ratio_stu_enroll = told(svyratio(~api.stu, ~enroll, own_ticket)),
    rate_no = told(svymean(~as.numeric(sch.wide == "No"), own_ticket)),
    mean_api00_large = told(svymean(~api00, large)), total_api00_large = told(svytotal(~api00, large)))
)
cat(object(
  source = sprintf("\"R survey %s, %s, Rscript survey.R > survey.json, %s\"", packageVersion("survey"),
    R.version.string, format(Sys.Date())),
  designs = do.call(object, blocks),
  unequal_probabilities = election_block,
  poisson = poisson_block
), "\n")
