module in_go

go 1.21
