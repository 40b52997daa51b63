# Makes groups.csv and groups.tsv, the reference for agreement within groups
# and for the analysis of variance between them:
#   Rscript groups.R
# Groups of 1 to 60 respondents answer four items on a scale from 1 to 5 and
# one continuous item from 0 to 10; some answers to the four are missing. Some
# groups are peculiar: unanimous in the middle, unanimous at an end, in two
# camps, all but one at an end. Figures come from multilevel (2.7) and base R.
suppressMessages(library(multilevel))
set.seed(1984)
sizes <- c(single = 1, two = 2, three = 3, four = 4, seven = 7, dozen = 12, twenty = 20, sixty = 60, middle = 5, top = 6, camps = 10, nearly = 8)
group <- rep(names(sizes), sizes)
x <- sapply(1:4, function(j) {
  centre <- rnorm(length(sizes), 3.2, .8)
  pmin(5, pmax(1, round(rnorm(length(group), rep(centre, sizes), 1.1))))
})
x[group == "middle", ] <- 3
x[group == "top", ] <- 5
x[group == "camps", ] <- rep(c(1, 5), 5)
x[group == "nearly", ] <- c(1, rep(5, 7))
x[group == "twenty", 2] <- 1
missing <- cbind(sample(which(group %in% c("seven", "dozen", "twenty", "sixty")), 25), sample(4, 25, TRUE))
x[missing] <- NA
colnames(x) <- paste0("q", 1:4)
amount <- round(pmin(10, pmax(0, rnorm(length(group), 6, 2))), 2)
write.csv(data.frame(group, x, amount), "groups.csv", row.names = FALSE, quote = FALSE, na = "")

out <- file("groups.tsv", "w")
put <- function(name, value) if (!is.na(value)) cat(name, "\t", sprintf("%.17g", value), "\n", sep = "", file = out)
each <- function(name, groups, values) for (i in seq_along(groups)) put(paste0(groups[i], ".", name), values[i])

for (j in 1:4) {
  r <- rwg(x[, j], group, ranvar = 2); each(paste0("rwg.", j), r$grpid, r$rwg)
  r <- awg(x[, j], group, range = c(1, 5)); each(paste0("awg.", j), r$grpid, r$a.wg)
  r <- ad.m(x[, j], group); each(paste0("ad.", j), r$grpid, r$AD.M)
}
r <- rwg.j(x, group, ranvar = 2); each("rwgj", r$grpid, r$rwg.j)
r <- rwg.j.lindell(x, group, ranvar = 2); each("lindell", r$grpid, r$rwg.lindell)
r <- awg(x, group, range = c(1, 5)); each("awgj", r$grpid, r$a.wg)
r <- ad.m(x, group); each("adj", r$grpid, r$AD.M)
r <- rwg(amount, group, ranvar = 10^2 / 12); each("rwg.amount", r$grpid, r$rwg)
r <- awg(amount, group, range = c(0, 10)); each("awg.amount", r$grpid, r$a.wg)

between <- function(name, y) {
  keep <- !is.na(y); y <- y[keep]; g <- factor(group[keep])
  fit <- aov(y ~ g); a <- summary(fit)[[1]]
  n <- tapply(y, g, length); N <- sum(n); G <- length(n); n0 <- (N - sum(n^2) / N) / (G - 1)
  msb <- a[1, 3]; msw <- a[2, 3]
  put(paste0(name, ".msb"), msb); put(paste0(name, ".msw"), msw); put(paste0(name, ".f"), a[1, 4]); put(paste0(name, ".p"), a[1, 5])
  put(paste0(name, ".eta2"), a[1, 2] / sum(a[, 2]))
  put(paste0(name, ".omega2"), (a[1, 2] - a[1, 1] * msw) / (sum(a[, 2]) + msw))
  put(paste0(name, ".size"), N / G); put(paste0(name, ".n0"), n0)
  put(paste0(name, ".icc1"), (msb - msw) / (msb + (n0 - 1) * msw))
  put(paste0(name, ".icc1size"), ICC1(fit)); put(paste0(name, ".icc2"), ICC2(fit))
}
for (j in 1:4) between(paste0("anova.", j), x[, j])
between("anova.amount", amount)
between("anova.score", rowMeans(x, na.rm = TRUE))
close(out)
