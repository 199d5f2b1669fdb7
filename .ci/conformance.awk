# Compares results with the list, and counts by area.
#   awk -v partly=yes -f conformance.awk differs.txt tests results
# List: "suite file test kind reason". Tests: "binary area suite file test". Results: "area suite
# file test result".

FNR == NR && NF && !/^#/ {
    if ($3 != "*") kind[$1 " " $2 " " $3] = $4
    if (($4 != "differs" && $4 != "not-applicable") || NF < 5) complain("line " FNR " of the list: " $0)
    next
}
FNR == NR { next }

# "binary area suite file test": there is such a test.
FILENAME ~ /tests$/ {
    seen[$3 " " $4 " " $5] = 1
    next
}

{
    name = $2 " " $3 " " $4
    area = $1
    areas[area] = 1
}
kind[name] == "differs" {
    differ[area]++
    if ($5 == "passed") complain("passes, though listed: " name)
    next
}
{
    applicable[area]++
    if ($5 == "passed") passed[area]++
    else complain($5 ": " name)
}

END {
    for (name in kind)
        if (!(name in seen) && !partly) complain("listed, and is no more: " name)
    printf "\n%-14s %7s %11s %8s\n", "area", "passed", "applicable", "differs"
    for (area in areas) {
        printf "%-14s %7d %11d %8d\n", area, passed[area], applicable[area], differ[area] | "sort"
        all_passed += passed[area]
        all_applicable += applicable[area]
        all_differ += differ[area]
    }
    close("sort")
    printf "%-14s %7d %11d %8d\n\n", "all", all_passed, all_applicable, all_differ
    exit complaints > 0
}

function complain(text) {
    complaints++
    print "  " text
}
