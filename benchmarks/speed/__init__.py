"""What Broadsheet costs beside other programs: processor time of whole trees of processes."""
