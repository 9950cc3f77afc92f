"""What watches a crawl from beside, and pauses or stops it: does anything end, is there room?"""
