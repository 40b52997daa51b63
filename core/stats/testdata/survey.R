# Makes answers.csv and survey.tsv, the reference for what is computed from
# answers:
#   Rscript survey.R
# 40 respondents answer four items on a scale from 1 to 5; some answers are
# missing, one respondent answered nothing. Figures come from base R and, for
# alpha, from psych (2.2.9).
set.seed(1927)
n <- 40; k <- 4
trait <- rnorm(n)
x <- sapply(1:k, function(j) pmin(5, pmax(1, round(3.2 + 0.9 * trait + rnorm(n, 0, 0.9)))))
x[sample(n * k, 18)] <- NA
x[17, ] <- NA
colnames(x) <- paste0("q", 1:k)
write.csv(x, "answers.csv", row.names = FALSE, quote = FALSE, na = "")

file <- file("survey.tsv", "w")
put <- function(name, value) cat(name, "\t", sprintf("%.17g", value), "\n", sep = "", file = file)

for (j in 1:k) {
  v <- x[!is.na(x[, j]), j]
  put(paste0("item.", j, ".mean"), mean(v))
  put(paste0("item.", j, ".sd"), sd(v))
  put(paste0("item.", j, ".median"), median(v))
}

scores <- function(name, s) {
  s <- s[is.finite(s)]
  ci <- t.test(s, conf.level = 0.9)$conf.int
  put(paste0(name, ".n"), length(s)); put(paste0(name, ".mean"), mean(s)); put(paste0(name, ".sd"), sd(s))
  put(paste0(name, ".low90"), ci[1]); put(paste0(name, ".high90"), ci[2])
}
m <- rowSums(!is.na(x)); s <- rowMeans(x, na.rm = TRUE)
scores("score.1", s[m >= 1]); scores("score.2", s[m >= 2]); scores("score.3", s[m >= 3]); scores("score.4", s[m >= 4])
filled <- function(centre) rowMeans(apply(x, 2, function(v) ifelse(is.na(v), centre(v, na.rm = TRUE), v)))
scores("score.mean", filled(mean)); scores("score.median", filled(median))

figures <- function(name, c) {
  for (i in 1:k) for (j in 1:i) put(paste0(name, ".cov.", i, ".", j), c[i, j])
  for (j in 1:k) put(paste0(name, ".rest.", j), sum(c[j, -j]) / sqrt(c[j, j] * sum(c[-j, -j])))
}
alphas <- function(name, a) {
  put(paste0(name, ".raw"), a$total$raw_alpha); put(paste0(name, ".std"), a$total$std.alpha)
  for (j in 1:k) put(paste0(name, ".dropped.", j), a$alpha.drop$raw_alpha[j])
}
figures("pairwise", cov(x, use = "pairwise")); figures("complete", cov(na.omit(x)))
alphas("pairwise", psych::alpha(x, warnings = FALSE)); alphas("complete", psych::alpha(na.omit(x), warnings = FALSE))

# shares: 4 and 5 are favorable
wilson <- function(name, k, n, level) {
  ci <- prop.test(k, n, conf.level = level, correct = FALSE)$conf.int
  put(paste0(name, ".low"), ci[1]); put(paste0(name, ".high"), ci[2])
}
for (j in 1:k) wilson(paste0("favorable.", j), sum(x[, j] >= 4, na.rm = TRUE), sum(!is.na(x[, j])), 0.95)

# pooled over items, clustered by respondent: the interval of share.go, whose
# ends are found here as roots of (p-q)^2 = t^2 q(1-q)/worth
answered <- m > 0
f <- rowSums(x >= 4, na.rm = TRUE)[answered]; mm <- m[answered]; R <- sum(answered)
p <- sum(f) / sum(mm)
v <- R / (R - 1) * sum((f - p * mm)^2) / sum(mm)^2
worth <- min(p * (1 - p) / v, sum(mm)); t <- qt(0.975, R - 1)
root <- function(from, to) uniroot(function(q) (p - q)^2 - t^2 * q * (1 - q) / worth, c(from, to), tol = 1e-15)$root
put("pooled.share", p); put("pooled.variance", v)
put("pooled.low", root(0, p)); put("pooled.high", root(p, 1))
close(file)
